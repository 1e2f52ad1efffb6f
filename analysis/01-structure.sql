-- What: people by age band, sex, ethnicity, education, group and front line, in each state.
-- Source: 细则 2026 Art. 11 (yearly analysis); groups and front line: 中办发〔2013〕4号 (八)-(十).
-- Age: whole years on as_of. Below 18 is a line of its own: Art. 5 wants 18 to apply.
-- Does not conclude: that a structure is good or bad, or what a missing entry (未填) would be.
WITH aged AS (
    SELECT
        sex, ethnicity, education, social_group, front_line,
        coalesce(state, '未填') AS in_state,
        year(as_of) - year(born)
            - CASE WHEN month(as_of) * 100 + day(as_of) < month(born) * 100 + day(born) THEN 1 ELSE 0 END AS age
    FROM people
),
entries AS (
    SELECT
        '年龄' AS dimension,
        CASE
            WHEN age IS NULL THEN '未填'
            WHEN age < 18 THEN '17岁及以下'
            WHEN age <= 30 THEN '18至30岁'
            WHEN age <= 35 THEN '31至35岁'
            WHEN age <= 40 THEN '36至40岁'
            WHEN age <= 45 THEN '41至45岁'
            WHEN age <= 50 THEN '46至50岁'
            WHEN age <= 55 THEN '51至55岁'
            WHEN age <= 60 THEN '56至60岁'
            ELSE '61岁及以上'
        END AS entry,
        in_state
    FROM aged
    UNION ALL
    SELECT '性别', coalesce(sex, '未填'), in_state FROM aged
    UNION ALL
    SELECT '民族', coalesce(ethnicity, '未填'), in_state FROM aged
    UNION ALL
    SELECT '学历', coalesce(education, '未填'), in_state FROM aged
    UNION ALL
    SELECT '群体', coalesce(social_group, '未填'), in_state FROM aged
    UNION ALL
    SELECT '一线', CASE WHEN front_line THEN '是' WHEN NOT front_line THEN '否' ELSE '未填' END, in_state FROM aged
)
SELECT dimension, entry, in_state, count(*) AS persons
FROM entries
GROUP BY dimension, entry, in_state
ORDER BY dimension, entry, in_state
