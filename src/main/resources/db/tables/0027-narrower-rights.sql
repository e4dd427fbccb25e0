--liquibase formatted sql

-- The service can look whether the database has what it needs, without the owner's password.

--changeset coachpay:changelog_readable
grant select on databasechangelog to app_service;
--rollback revoke select on databasechangelog from app_service;
