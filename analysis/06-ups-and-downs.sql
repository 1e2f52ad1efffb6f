-- What: branches whose admissions of two years that follow each other differ by much: both numbers.
-- Source: 中办发〔2013〕4号 (十三), 大起大落.
-- Settings: those that the workbench begins with: the least difference, and its least share of the larger year in per
--       cent. They are not the policy's.
-- Admitted counts by the day of the branch meeting's vote. Only whole years: from the first that begins after the first
--       admission of the whole register (or with it) to the last that is over on as_of.
-- Does not conclude: why. A small branch goes up and down by single persons, a school by its years.
WITH settings AS (
    SELECT 50 AS swing_share, 3 AS swing_least
),
today AS (
    SELECT max(as_of) AS as_of FROM people
),
votes AS (
    SELECT
        person_id, branch, happened, decision,
        lead(decision) OVER (PARTITION BY person_id ORDER BY sequence) AS next_decision
    FROM changes
    WHERE happened IS NOT NULL AND decision IN (
        '党支部党员大会通过接收为预备党员', '上级党委批准接收为预备党员', '取消预备党员资格', '没有接收为预备党员'
    )
),
admitted AS (
    SELECT person_id, branch, happened
    FROM votes
    WHERE decision = '党支部党员大会通过接收为预备党员'
        AND (next_decision IS NULL OR next_decision <> '没有接收为预备党员')
),
yearly AS (
    SELECT branch, year(happened) AS in_year, count(*) AS persons
    FROM admitted
    WHERE branch IS NOT NULL
    GROUP BY branch, year(happened)
),
begun AS (
    SELECT year(min(happened)) + CASE WHEN dayofyear(min(happened)) > 1 THEN 1 ELSE 0 END AS first_year FROM admitted
),
ended AS (
    SELECT year(as_of) - CASE WHEN month(as_of) = 12 AND day(as_of) = 31 THEN 0 ELSE 1 END AS last_year FROM today
),
-- A year in which a branch admitted nobody is one of its pairs too.
firsts AS (
    SELECT branch, in_year FROM yearly
    UNION
    SELECT branch, in_year - 1 FROM yearly
),
pairs AS (
    SELECT
        firsts.branch AS branch, firsts.in_year AS in_year,
        coalesce(one.persons, 0) AS persons, coalesce(other.persons, 0) AS persons_after
    FROM firsts
    LEFT JOIN yearly AS one ON one.branch = firsts.branch AND one.in_year = firsts.in_year
    LEFT JOIN yearly AS other ON other.branch = firsts.branch AND other.in_year = firsts.in_year + 1
)
SELECT branch, in_year, persons, persons_after
FROM pairs CROSS JOIN settings CROSS JOIN begun CROSS JOIN ended
WHERE in_year >= first_year AND in_year < last_year
    AND abs(persons - persons_after) >= swing_least
    AND abs(persons - persons_after) * 100 >= greatest(persons, persons_after) * swing_share
ORDER BY branch, in_year
