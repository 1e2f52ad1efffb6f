-- What: members (full and probationary) of the register at the beginning of each year, those who came and went in it,
--       and the net growth in thousandths of the number at the beginning (rounded down).
-- Source: 中办发〔2013〕4号 (十一), which speaks of about 1.5 % a year for the whole country and its ten years.
-- Does not conclude: the growth of a unit. Members who were never in this register are not counted, so the rate of a
--       young register is far too high. The year of as_of may be unfinished.
WITH moves AS (
    SELECT
        year(happened) AS in_year,
        CASE WHEN to_state IN ('预备党员', '预备党员（延长预备期）', '大会通过转正，待批准', '正式党员')
             THEN 1 ELSE 0 END AS member_after,
        CASE WHEN from_state IN ('预备党员', '预备党员（延长预备期）', '大会通过转正，待批准', '正式党员')
             THEN 1 ELSE 0 END AS member_before
    FROM changes
    WHERE happened IS NOT NULL
),
yearly AS (
    SELECT
        in_year,
        count(CASE WHEN member_after > member_before THEN 1 END) AS came,
        count(CASE WHEN member_after < member_before THEN 1 END) AS went
    FROM moves
    GROUP BY in_year
),
standing AS (
    SELECT
        in_year, came, went,
        CAST(coalesce(sum(came - went) OVER (
            ORDER BY in_year ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ), 0) AS BIGINT) AS at_beginning
    FROM yearly
)
SELECT
    in_year, at_beginning, came, went, came - went AS net,
    CASE WHEN at_beginning > 0
         THEN CAST(floor(CAST(1000 * (came - went) AS DOUBLE) / at_beginning) AS BIGINT) END AS net_permille
FROM standing
ORDER BY in_year
