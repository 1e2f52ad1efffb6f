-- What: people by age band, sex, ethnicity, education, group and front line, in each state.
-- Source: 细则 2026 Art. 11 (yearly analysis); groups and front line: 中办发〔2013〕4号 (八)-(十).
-- Age: whole years on as_of. Of a month alone its end is meant, of a year alone the end of December. Below 18 is a
--       line of its own: Art. 5 wants 18 to apply. The bands are those that the workbench begins with.
-- Does not conclude: that a structure is good or bad, or what a missing entry (未填) would be.
WITH known AS (
    SELECT
        sex, ethnicity, education, social_group, front_line, state, as_of, born,
        regexp_extract(coalesce(inexact_days, ''), 'born ([0-9-]+)', 1) AS inexact
    FROM people
),
last_days AS (
    SELECT
        sex, ethnicity, education, social_group, front_line, state, as_of, born,
        CASE length(inexact)
            WHEN 7 THEN last_day(CAST(concat(inexact, '-01') AS DATE))
            WHEN 4 THEN CAST(concat(inexact, '-12-31') AS DATE)
        END AS inexact_born
    FROM known
),
aged AS (
    SELECT
        sex, ethnicity, education, social_group, front_line,
        coalesce(state, '未填') AS in_state,
        year(as_of) - year(coalesce(born, inexact_born))
            - CASE
                WHEN month(as_of) * 100 + day(as_of)
                    >= month(coalesce(born, inexact_born)) * 100 + day(coalesce(born, inexact_born)) THEN 0
                -- A month's end is reached on the last day of a shorter one too.
                WHEN born IS NULL AND month(as_of) = month(inexact_born) AND as_of = last_day(as_of) THEN 0
                ELSE 1
            END AS age
    FROM last_days
),
entries AS (
    SELECT
        '年龄' AS dimension,
        CASE
            WHEN age IS NULL OR age < 0 THEN '未填'
            WHEN age < 18 THEN '17岁及以下'
            WHEN age < 21 THEN '18—20岁'
            WHEN age < 26 THEN '21—25岁'
            WHEN age < 31 THEN '26—30岁'
            WHEN age < 36 THEN '31—35岁'
            WHEN age < 41 THEN '36—40岁'
            WHEN age < 46 THEN '41—45岁'
            WHEN age < 51 THEN '46—50岁'
            WHEN age < 56 THEN '51—55岁'
            WHEN age < 61 THEN '56—60岁'
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
    SELECT '类别', coalesce(social_group, '未填'), in_state FROM aged
    UNION ALL
    SELECT '生产、工作一线', CASE WHEN front_line THEN '是' WHEN NOT front_line THEN '否' ELSE '未填' END, in_state
    FROM aged
)
SELECT dimension, entry, in_state, count(*) AS persons
FROM entries
GROUP BY dimension, entry, in_state
ORDER BY dimension, entry, in_state
