-- What: how long those who are activists now (paused and proposed ones too) have been in cultivation, by group, time in
--       other units included, in whole calendar years from the day of confirmation.
-- Source: 细则 2026 Art. 11 (yearly analysis), 12 (time counts on), 13 (at least a year).
-- Of a month alone its end is meant, of a year alone the end of December. Pauses and gaps are not taken off.
-- Does not conclude: that a long time is a fault of anybody, or that a year makes ripe.
WITH known AS (
    SELECT
        social_group, as_of, confirmed, cultivated_elsewhere_days,
        regexp_extract(coalesce(inexact_days, ''), 'confirmed ([0-9-]+)', 1) AS inexact
    FROM people
    WHERE state IN ('入党积极分子', '暂停培养', '拟列为发展对象')
),
began AS (
    SELECT
        social_group, as_of, cultivated_elsewhere_days,
        coalesce(confirmed, CASE length(inexact)
            WHEN 7 THEN last_day(CAST(concat(inexact, '-01') AS DATE))
            WHEN 4 THEN CAST(concat(inexact, '-12-31') AS DATE)
        END) AS began_on
    FROM known
),
counted AS (
    SELECT
        coalesce(social_group, '未填') AS of_group, cultivated_elsewhere_days,
        -- Who began on 29 February is a year further on 28 February of a year without that day.
        year(as_of) - year(began_on) - CASE
            WHEN month(as_of) * 100 + day(as_of) >= CASE
                WHEN month(began_on) = 2 AND day(began_on) = 29 AND year(as_of) % 4 > 0 THEN 228
                ELSE month(began_on) * 100 + day(began_on)
            END THEN 0 ELSE 1
        END AS whole_years
    FROM began
)
SELECT
    of_group,
    count(*) AS persons,
    count(CASE WHEN whole_years < 1 THEN 1 END) AS first_year,
    count(CASE WHEN whole_years = 1 THEN 1 END) AS second_year,
    count(CASE WHEN whole_years = 2 THEN 1 END) AS third_year,
    count(CASE WHEN whole_years > 2 THEN 1 END) AS longer,
    count(CASE WHEN whole_years IS NULL THEN 1 END) AS not_known,
    count(CASE WHEN cultivated_elsewhere_days > 0 THEN 1 END) AS partly_elsewhere
FROM counted
GROUP BY of_group
ORDER BY of_group
