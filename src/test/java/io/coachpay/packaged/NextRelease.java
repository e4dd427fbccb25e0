package io.coachpay.packaged;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

import io.coachpay.database.Database;

/** A migration of a release to come, as it may change the schema while this one still runs: it expands. */
final class NextRelease {

    /**
     * Each table by a database transaction of its own, as changesets do: two locks at once would block each other with ours.
     */
    private static final String EXPAND = """
            do $$
            declare
              known regclass;
            begin
              if exists (select from databasechangelog where id = 'of_the_next_release') then
                return;
              end if;
              for known in select oid from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
                              and relname !~ '^(databasechangelog|next_things)' loop
                execute format('alter table %s add column if not exists next_note text,'
                    ' add column if not exists next_count integer not null default 7', known);
                commit;
              end loop;
              create table if not exists next_things (id uuid primary key, created_at timestamptz not null default now());
              call guard('next_things', 'service to app_service using (true) with check (true)');
              insert into databasechangelog select 'of_the_next_release', author, 'db/tables/9999-next.sql', now(), 9999, 'EXECUTED',
                  '9:0', '', '', null, liquibase, null, null, '0' from databasechangelog limit 1;
              -- its rules are not ours
              update databasechangelog set md5sum = '9:0' where filename ~ '^db/(rules|policies)/';
            end $$""";

    private NextRelease() {
    }

    static void migrate() throws SQLException {
        try (Connection owner = Database.owner(); Statement statement = owner.createStatement()) {
            statement.execute(EXPAND);
        }
    }
}
