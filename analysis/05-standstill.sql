-- What: branches that have activists with a year of cultivation or more, and have accepted nobody for years or ever.
-- Source: 中办发〔2013〕4号 (十三), 长期不发展; a year of cultivation: 细则 2026 Art. 13.
-- Settings: years_without, in calendar years between the last acceptance and as_of; ready_days for the year of
--       cultivation. They are this query's, not the policy's.
-- Does not conclude: that somebody should have been accepted. Whether a person is ripe is for the branch to say, and
--       acceptances before the register began are not known here.
WITH settings AS (
    SELECT 3 AS years_without, 365 AS ready_days
),
today AS (
    SELECT max(as_of) AS as_of FROM people
),
ready AS (
    SELECT branch, count(*) AS persons
    FROM people CROSS JOIN settings
    WHERE branch IS NOT NULL AND state = '入党积极分子' AND cultivated_days >= ready_days
    GROUP BY branch
),
acceptance AS (
    SELECT branch, max(happened) AS last_accepted
    FROM changes
    WHERE to_state = '预备党员' AND from_state IN ('发展对象', '大会通过接收，待批准')
    GROUP BY branch
)
SELECT
    ready.branch AS branch,
    ready.persons AS ready_persons,
    acceptance.last_accepted AS last_accepted,
    year(today.as_of) - year(acceptance.last_accepted) AS years_since
FROM ready
LEFT JOIN acceptance ON ready.branch = acceptance.branch
CROSS JOIN today
CROSS JOIN settings
WHERE acceptance.last_accepted IS NULL
    OR year(today.as_of) - year(acceptance.last_accepted) >= settings.years_without
ORDER BY branch
