-- What: years in which a branch admitted much of its year within few days: the most that fall into such a stretch, and
--       how many the year had.
-- Source: 中办发〔2013〕4号 (十三), 突击发展.
-- Settings: those that the workbench begins with: days of the stretch, the least share of the year in per cent, the least
--       number. They are not the policy's; local ones may be put in their place (29 below is rush_days - 1).
-- Admitted counts by the day of the branch meeting's vote; who was not admitted after all does not count.
-- Does not conclude: that there was a rush. A branch that meets once a year shows here too.
WITH settings AS (
    SELECT 30 AS rush_days, 60 AS rush_share, 5 AS rush_least
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
stretches AS (
    SELECT
        branch, year(happened) AS in_year,
        count(*) OVER (
            PARTITION BY branch, year(happened)
            ORDER BY dayofyear(happened) RANGE BETWEEN 29 PRECEDING AND CURRENT ROW
        ) AS nearby
    FROM admitted
    WHERE branch IS NOT NULL
),
yearly AS (
    SELECT branch, in_year, count(*) AS persons, max(nearby) AS in_stretch
    FROM stretches
    GROUP BY branch, in_year
)
SELECT branch, in_year, persons, in_stretch
FROM yearly CROSS JOIN settings
WHERE in_stretch >= rush_least AND in_stretch * 100 >= persons * rush_share
ORDER BY branch, in_year
