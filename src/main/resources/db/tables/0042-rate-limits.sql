--liquibase formatted sql

-- Each request that is counted commits its count, and waited for the disk. Counts need not survive a crash of the server: they begin
-- again then, as they do on a standby that takes over.

--changeset coachpay:rate_limit_buckets_unlogged
alter table rate_limit_buckets set unlogged;
--rollback alter table rate_limit_buckets set logged;
