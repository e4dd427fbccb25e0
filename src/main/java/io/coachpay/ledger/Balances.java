package io.coachpay.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import io.coachpay.money.StripeCurrencies;
import io.coachpay.money.StripeCurrency;

/** Reads balances from the ledger as the caller: nobody sees another person's. */
@ApplicationScoped
public class Balances {

    private static final String OF_COACH = """
            select currency,
                   coalesce(sum(balance) filter (where kind = 'coach_pending'), 0),
                   coalesce(sum(balance) filter (where kind = 'coach_available'), 0),
                   coalesce(sum(balance) filter (where kind = 'coach_in_transit'), 0),
                   coalesce(sum(balance) filter (where kind = 'coach_paid_out'), 0)
              from ledger_accounts where owner_id = ? and kind like 'coach%' group by currency order by currency""";

    private final DataSource database;

    Balances(DataSource database) {
        this.database = database;
    }

    /** A coach's balances, one for each currency ever earned in; empty before the first payment. */
    @Transactional
    public List<CoachBalance> ofCoach(UUID coachId) {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(OF_COACH)) {
            statement.setObject(1, coachId);
            List<CoachBalance> balances = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    StripeCurrency currency = StripeCurrencies.of(rows.getString(1));
                    balances.add(
                            new CoachBalance(currency.of(rows.getBigDecimal(2)), currency.of(rows.getBigDecimal(3)),
                                    currency.of(rows.getBigDecimal(4)), currency.of(rows.getBigDecimal(5))));
                }
            }
            return balances;
        } catch (SQLException e) {
            throw new IllegalStateException("The balance could not be read", e);
        }
    }
}
