-- The roles of a production installation, and its database. Run once as PostgreSQL's superuser; safe to repeat.
--
-- stapsteen_owner   owns the tables; only migrations and restore use it
-- stapsteen_app     the site and the worker: owns nothing, row-level security binds it
-- stapsteen_backup  reads every row for the nightly backup, writes none

\set ON_ERROR_STOP on

DO $$
DECLARE
  wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['stapsteen_owner', 'stapsteen_app', 'stapsteen_backup'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
      EXECUTE format('CREATE ROLE %I', wanted);
    END IF;
  END LOOP;
END
$$;

ALTER ROLE stapsteen_owner LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION;
ALTER ROLE stapsteen_app LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION NOINHERIT;
ALTER ROLE stapsteen_backup LOGIN NOSUPERUSER BYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION;
GRANT pg_read_all_data TO stapsteen_backup;
ALTER ROLE stapsteen_backup SET default_transaction_read_only = on;

-- Sorts by code point, the same on every machine; the application makes its own sort keys.
SELECT 'CREATE DATABASE stapsteen OWNER stapsteen_owner TEMPLATE template0 ENCODING ''UTF8'' LOCALE ''C.UTF-8'''
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'stapsteen')
\gexec

REVOKE ALL ON DATABASE stapsteen FROM PUBLIC;
GRANT CONNECT ON DATABASE stapsteen TO stapsteen_app, stapsteen_backup;
