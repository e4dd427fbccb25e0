--liquibase formatted sql

-- Journals are posted by post_journals (rules/ledger-posting.sql); by this file the release before sees that it is the older one.

--changeset coachpay:posted_journals
comment on column ledger_accounts.balance is
  'Moved with the entries, by post_journals alone. Shared accounts keep none: every payment would queue for that row';
comment on column coach_profiles.total_earnings is
  'Pending, available, in transit and paid out, from the ledger, in the profile''s currency; never written by itself';
comment on column coach_profiles.available_balance is 'The ledger''s coach_available; never written by itself';
comment on column coach_profiles.pending_balance is 'The ledger''s coach_pending; never written by itself';
--rollback comment on column ledger_accounts.balance is 'Moved by each entry, by a trigger alone. Shared accounts keep none: every payment would queue for that row';
--rollback comment on column coach_profiles.total_earnings is 'Pending, available, in transit and paid out, from the ledger, in the profile''s currency; written by a trigger alone';
--rollback comment on column coach_profiles.available_balance is 'The ledger''s coach_available; written by a trigger alone';
--rollback comment on column coach_profiles.pending_balance is 'The ledger''s coach_pending; written by a trigger alone';
