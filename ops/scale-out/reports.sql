-- A schema `reports` with the current version of each report for programs that speak SQL; reports-in-sql runs this.
-- It reads records as JSON Lines from standard input and takes the place of what was there, in one transaction.
-- PostgreSQL from 12 on: jsonb is outside the subset that the logs themselves keep to.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS reports;
CREATE TABLE IF NOT EXISTS reports.records (record jsonb NOT NULL);
CREATE TABLE IF NOT EXISTS reports.filled (filled_at timestamptz NOT NULL);
DELETE FROM reports.records;
DELETE FROM reports.filled;
-- Neither character stands in a line of JSON.
\copy reports.records FROM pstdin WITH (FORMAT csv, DELIMITER E'\x02', QUOTE E'\x01')
INSERT INTO reports.filled VALUES (now());

-- Times are UTC, money is exact, in the unit of the column's name; what a report does not say is NULL.
CREATE OR REPLACE VIEW reports.readings AS
SELECT record ->> 'key' AS key,
    (record ->> 'year')::int AS year,
    record #>> '{region,province}' AS province,
    record #>> '{region,city}' AS city,
    record #>> '{region,district}' AS district,
    record #>> '{region,code}' AS region_code,
    record #>> '{unit,shortName}' AS unit,
    record #>> '{unit,name}' AS unit_name,
    record ->> 'kind' AS kind,
    record ->> 'title' AS title,
    record ->> 'status' AS status,
    (record ->> 'score')::numeric AS score,
    record ->> 'grade' AS grade,
    (record ->> 'executionRate')::numeric AS execution_rate,
    record ->> 'reportDate' AS report_date,
    (record #>> '{version,number}')::int AS version,
    record #>> '{version,id}' AS id,
    record #>> '{version,node}' AS node,
    (record #>> '{version,recordedAt}')::timestamptz AS recorded_at
FROM reports.records;

CREATE OR REPLACE VIEW reports.amounts AS
SELECT record ->> 'key' AS key,
    (record ->> 'year')::int AS year,
    amount ->> 'role' AS role,
    amount ->> 'label' AS label,
    amount ->> 'project' AS project,
    (amount ->> 'yuan')::numeric AS yuan,
    amount ->> 'value' AS value,
    amount ->> 'unit' AS value_unit,
    (amount ->> 'year')::int AS amount_year,
    (amount ->> 'part')::int AS part,
    amount #>> '{place,quote}' AS quote
FROM reports.records CROSS JOIN LATERAL jsonb_array_elements(record -> 'amounts') AS amount;

CREATE OR REPLACE VIEW reports.findings AS
SELECT record ->> 'key' AS key,
    (record ->> 'year')::int AS year,
    finding ->> 'rule' AS rule,
    finding ->> 'severity' AS severity,
    finding ->> 'message' AS message,
    finding ->> 'stated' AS stated,
    finding ->> 'computed' AS computed,
    finding ->> 'fingerprint' AS fingerprint
FROM reports.records CROSS JOIN LATERAL jsonb_array_elements(record -> 'findings') AS finding;
