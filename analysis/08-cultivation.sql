-- What: how long those who are activists now have been in cultivation, by group, time in other units included.
-- Source: 细则 2026 Art. 11 (yearly analysis), 12 (time counts on), 13 (at least a year).
-- Bands of 365 days; whether the year is reached to the day is for the register's own rule, which counts by the calendar.
-- Does not conclude: that a long time is a fault of anybody, or that a year makes ripe.
SELECT
    coalesce(social_group, '未填') AS of_group,
    count(*) AS persons,
    count(CASE WHEN cultivated_days < 365 THEN 1 END) AS first_year,
    count(CASE WHEN cultivated_days >= 365 AND cultivated_days < 730 THEN 1 END) AS second_year,
    count(CASE WHEN cultivated_days >= 730 AND cultivated_days < 1095 THEN 1 END) AS third_year,
    count(CASE WHEN cultivated_days >= 1095 THEN 1 END) AS longer,
    count(CASE WHEN cultivated_days IS NULL THEN 1 END) AS not_known,
    count(CASE WHEN cultivated_elsewhere_days > 0 THEN 1 END) AS partly_elsewhere
FROM people
WHERE state = '入党积极分子'
GROUP BY coalesce(social_group, '未填')
ORDER BY of_group
