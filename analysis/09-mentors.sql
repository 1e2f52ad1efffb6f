-- What: those who are activists now by the number of mentors that are written down, by group.
-- Source: 细则 2026 Art. 9 (one or two full members as mentors).
-- Does not conclude: that somebody has no mentor; only that none is written down.
SELECT
    coalesce(social_group, '未填') AS of_group,
    count(CASE WHEN mentor_1 IS NULL AND mentor_2 IS NULL THEN 1 END) AS with_none,
    count(CASE WHEN (mentor_1 IS NULL AND mentor_2 IS NOT NULL) OR (mentor_1 IS NOT NULL AND mentor_2 IS NULL)
               THEN 1 END) AS with_one,
    count(CASE WHEN mentor_1 IS NOT NULL AND mentor_2 IS NOT NULL THEN 1 END) AS with_two
FROM people
WHERE state = '入党积极分子'
GROUP BY coalesce(social_group, '未填')
ORDER BY of_group
