package io.coachpay.coach;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReachTest {

    @ParameterizedTest
    @CsvSource({ "US, US, true", "US, GB, true", "US, DE, true", "US, CA, true", "US, CH, true", "US, IS, true",
            "US, MX, false", "US, BR, false", "US, JP, false", "US, AU, false", "US, SG, false", "US, KW, false",
            "GB, US, true", "MX, MX, true", "MX, US, false", "JP, JP, true", "JP, DE, false", "SG, MY, false" })
    void reachesItsOwnCountryAndItsRegion(String platform, String account, boolean reaches) {
        assertThat(Reach.reaches(platform, account)).isEqualTo(reaches);
    }

    @ParameterizedTest
    @CsvSource({ "US, US, true", "US, CA, false", "CA, US, false", "US, DE, false", "DE, FR, true", "GB, DE, true",
            "DE, US, false", "JP, JP, true", "JP, DE, false", "BR, BR, false", "MX, MX, false" })
    void debitsAccountsOfItsRegion(String platform, String account, boolean debits) {
        assertThat(Reach.debits(platform, account)).isEqualTo(debits);
    }
}
