-- What: branches whose acceptances of one finished year are a multiple or a fraction of the year before.
-- Source: 中办发〔2013〕4号 (十三), 大起大落.
-- Settings: pairs are shown when the larger of both is at least least_accepted and at least factor times the smaller.
--       They are this query's, not the policy's.
-- Does not conclude: why. A small branch goes up and down by single persons, a school by its years. Years before the
--       first acceptance in the whole register, and the unfinished year of as_of, are left out.
WITH settings AS (
    SELECT 6 AS least_accepted, 3 AS factor
),
today AS (
    SELECT max(as_of) AS as_of FROM people
),
acceptance AS (
    SELECT branch, year(happened) AS in_year, count(*) AS accepted
    FROM changes
    WHERE happened IS NOT NULL AND branch IS NOT NULL
        AND to_state = '预备党员' AND from_state IN ('发展对象', '大会通过接收，待批准')
    GROUP BY branch, year(happened)
),
years AS (
    SELECT DISTINCT in_year
    FROM acceptance CROSS JOIN today
    WHERE in_year < year(as_of) OR month(as_of) * 100 + day(as_of) = 1231
),
branches AS (
    SELECT DISTINCT branch FROM acceptance
),
filled AS (
    SELECT branches.branch AS branch, years.in_year AS in_year, coalesce(acceptance.accepted, 0) AS accepted
    FROM branches
    CROSS JOIN years
    LEFT JOIN acceptance ON acceptance.branch = branches.branch AND acceptance.in_year = years.in_year
),
pairs AS (
    SELECT
        branch, in_year, accepted,
        lag(accepted) OVER (PARTITION BY branch ORDER BY in_year) AS accepted_before,
        lag(in_year) OVER (PARTITION BY branch ORDER BY in_year) AS year_before
    FROM filled
)
SELECT branch, in_year, accepted_before, accepted
FROM pairs CROSS JOIN settings
WHERE year_before = in_year - 1
    AND (
        (accepted >= least_accepted AND accepted >= factor * accepted_before)
        OR (accepted_before >= least_accepted AND accepted_before >= factor * accepted)
    )
ORDER BY branch, in_year
