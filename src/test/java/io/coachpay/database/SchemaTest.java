package io.coachpay.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

import org.junit.jupiter.api.Test;

/** Rules for every table, present and future. */
class SchemaTest {

    private static final String OURS = """
            c.relnamespace = 'public'::regnamespace and c.relname !~ '^databasechangelog' """;

    @Test
    void guardsEveryTableByForcedRowLevelSecurity() throws SQLException {
        assertThat(
                asked("select relname from pg_class c where relkind = 'r' and not (relrowsecurity and relforcerowsecurity) and "
                        + OURS))
                .isEmpty();
    }

    @Test
    void indexesEveryForeignKey() throws SQLException {
        assertThat(asked("""
                select conrelid::regclass || '.' || conname from pg_constraint f where contype = 'f' and not exists (
                  select from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
                  where i.indrelid = f.conrelid and f.conkey[1] = i.indkey[0]
                    and (i.indpred is null or pg_get_expr(i.indpred, i.indrelid) = '(' || a.attname || ' IS NOT NULL)'))"""))
                .isEmpty();
    }

    @Test
    void saysOfEveryTableWhatItIs() throws SQLException {
        assertThat(asked(
                "select relname from pg_class c where relkind in ('r', 'v') and obj_description(oid, 'pg_class') is null and "
                        + OURS))
                .isEmpty();
    }

    @Test
    void keepsMoneyAsDecimalsBesideItsCurrency() throws SQLException {
        assertThat(asked("""
                select c.relname || '.' || attname from pg_class c join pg_attribute a on attrelid = c.oid and attnum > 0
                where relkind = 'r' and attname ~ '(amount|price|fee|payout|rate|net)$'
                  and format_type(atttypid, atttypmod) !~ '^numeric\\((19,4|20,6|12,6)\\)$' and
                """ + OURS)).isEmpty();
        assertThat(asked("""
                select c.relname || '.' || attname from pg_class c join pg_attribute a on attrelid = c.oid and attnum > 0
                where relkind in ('r', 'v') and atttypid in ('real'::regtype, 'float8'::regtype, 'money'::regtype) and
                """ + OURS)).isEmpty();
    }

    @Test
    void pinsThePathOfFunctionsThatRunWithTheOwnersRights() throws SQLException {
        assertThat(asked("""
                select oid::regprocedure from pg_proc where pronamespace = 'public'::regnamespace and prosecdef
                  and not coalesce(proconfig::text like '%search_path=public, pg_temp%', false)""")).isEmpty();
        assertThat(asked("""
                select oid::regprocedure from pg_proc where pronamespace = 'public'::regnamespace and prosecdef
                  and has_function_privilege('app_user', oid, 'execute')"""))
                .as("anybody who can call it calls it as the owner").containsExactly("app_organization_ids()");
    }

    @Test
    void letsOnlyThePublicViewsLookPastThePolicies() throws SQLException {
        assertThat(asked("""
                select relname from pg_class c
                where relkind = 'v' and not coalesce(reloptions::text like '%security_invoker=true%', false) and
                """ + OURS))
                .containsExactlyInAnyOrder("coaches", "busy_times");
    }

    @Test
    void givesNothingToEverybody() throws SQLException {
        assertThat(asked("select relname from pg_class c, aclexplode(relacl) where grantee = 0 and " + OURS)).isEmpty();
    }

    @Test
    void worksAsRolesThatCannotBypassIt() throws SQLException {
        assertThat(asked("""
                select rolname from pg_roles where rolname ~ '^(app_|coachpay_|analyst)'
                  and (rolsuper or rolbypassrls or rolcreaterole or rolreplication)""")).isEmpty();
        assertThat(asked("select rolname from pg_roles where rolname = 'coachpay_app' and rolinherit")).isEmpty();
    }

    @Test
    void touchesEveryRowThatCanChange() throws SQLException {
        assertThat(
                asked("""
                                select relname from pg_class c join pg_attribute on attrelid = c.oid and attname = 'updated_at' where relkind = 'r'
                                  and relname <> 'ledger_accounts' and not exists (select from pg_trigger where tgrelid = c.oid and tgname = 'touch') and
                        """
                        + OURS))
                .isEmpty();
    }

    private static List<String> asked(String query) throws SQLException {
        try (Connection owner = Database.owner()) {
            return Sql.column(owner, query);
        }
    }
}
