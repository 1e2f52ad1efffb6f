-- What: years in which a branch accepted much of its year in one month: the busiest month's number beside the year's.
-- Source: 中办发〔2013〕4号 (十三), 突击发展.
-- Settings: a year with fewer acceptances than least_accepted is not shown, nor a share below least_permille. They are
--       this query's, not the policy's; local ones may be put in their place.
-- Does not conclude: that there was a rush. A branch that meets once a year shows here too.
WITH settings AS (
    SELECT 5 AS least_accepted, 600 AS least_permille
),
monthly AS (
    SELECT branch, year(happened) AS in_year, month(happened) AS in_month, count(*) AS accepted
    FROM changes
    WHERE happened IS NOT NULL AND branch IS NOT NULL
        AND to_state = '预备党员' AND from_state IN ('发展对象', '大会通过接收，待批准')
    GROUP BY branch, year(happened), month(happened)
),
yearly AS (
    SELECT branch, in_year, CAST(sum(accepted) AS BIGINT) AS accepted, max(accepted) AS in_busiest_month
    FROM monthly
    GROUP BY branch, in_year
)
SELECT
    branch, in_year, accepted, in_busiest_month,
    CAST(floor(CAST(1000 * in_busiest_month AS DOUBLE) / accepted) AS BIGINT) AS permille
FROM yearly CROSS JOIN settings
WHERE accepted >= least_accepted AND 1000 * in_busiest_month >= least_permille * accepted
ORDER BY branch, in_year
