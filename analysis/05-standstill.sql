-- What: branches that have admitted nobody for so many months up to as_of, how many came last on one day, when, and how
--       many of their activists have a year of cultivation or more.
-- Source: 中办发〔2013〕4号 (十三), 长期不发展; a year of cultivation: 细则 2026 Art. 13.
-- Settings: those that the workbench begins with; ready_days is this query's. They are not the policy's.
-- Admitted counts by the day of the branch meeting's vote. Nothing is said when the first admission of the whole register
--       is not so long ago: earlier ones are not known here.
-- Does not conclude: that somebody should have been admitted. Whether a person is ripe is for the branch to say.
WITH settings AS (
    SELECT 24 AS standstill_months, 365 AS ready_days
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
counted AS (
    SELECT branch, happened, count(*) AS persons FROM admitted WHERE branch IS NOT NULL GROUP BY branch, happened
),
newest AS (
    SELECT branch, max(happened) AS last_admitted FROM counted GROUP BY branch
),
begun AS (
    SELECT min(happened) AS known_since FROM admitted
),
branches AS (
    SELECT
        branch,
        count(CASE WHEN state = '入党积极分子' AND cultivated_days >= ready_days THEN 1 END) AS ready_persons
    FROM people CROSS JOIN settings
    WHERE branch IS NOT NULL
    GROUP BY branch
),
-- Calendar months between a day and as_of; the day of the month decides when they are just as many.
since AS (
    SELECT
        branches.branch AS branch, branches.ready_persons AS ready_persons,
        newest.last_admitted AS last_admitted, counted.persons AS persons,
        (year(as_of) - year(newest.last_admitted)) * 12 + month(as_of) - month(newest.last_admitted) AS months,
        (year(as_of) - year(known_since)) * 12 + month(as_of) - month(known_since) AS known_months,
        day(as_of) AS of_as_of, day(newest.last_admitted) AS of_last, day(known_since) AS of_known
    FROM branches
    CROSS JOIN today
    CROSS JOIN begun
    LEFT JOIN newest ON newest.branch = branches.branch
    LEFT JOIN counted ON counted.branch = newest.branch AND counted.happened = newest.last_admitted
)
SELECT branch, last_admitted, coalesce(persons, 0) AS persons, ready_persons
FROM since CROSS JOIN settings
WHERE (known_months > standstill_months OR (known_months = standstill_months AND of_known <= of_as_of))
    AND (
        last_admitted IS NULL
        OR months > standstill_months
        OR (months = standstill_months AND of_last <= of_as_of)
    )
ORDER BY branch
