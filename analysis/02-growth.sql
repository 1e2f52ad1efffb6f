-- What: for each calendar year and group, how many came to each station of the path, and how many left it.
-- Source: 中办发〔2013〕4号 (十一)-(十三); 细则 2026 Art. 7, 8, 13, 25, 33.
-- A person who moved in with a state that was reached elsewhere counts as moved in, not as accepted here.
-- Does not conclude: whether a plan was kept; the plan is not in these tables. The year of as_of may be unfinished.
SELECT
    year(happened) AS in_year,
    coalesce(social_group, '未填') AS of_group,
    count(CASE WHEN to_state = '入党申请人' AND from_state IS NULL THEN 1 END) AS applied,
    count(CASE WHEN to_state = '入党积极分子' AND from_state = '入党申请人' THEN 1 END) AS confirmed,
    count(CASE WHEN to_state = '发展对象' AND from_state IN ('入党积极分子', '拟列为发展对象') THEN 1 END) AS listed,
    count(CASE WHEN to_state = '预备党员' AND from_state IN ('发展对象', '大会通过接收，待批准') THEN 1 END) AS accepted,
    count(CASE WHEN to_state = '正式党员' AND from_state IN ('预备党员', '预备党员（延长预备期）', '大会通过转正，待批准') THEN 1 END) AS became_full,
    count(CASE WHEN to_state = '不再作为入党积极分子' THEN 1 END) AS removed,
    count(CASE WHEN to_state = '已取消预备党员资格' THEN 1 END) AS cancelled,
    count(CASE WHEN to_state = '已转出' THEN 1 END) AS moved_out,
    count(CASE WHEN to_state NOT IN ('已转出', '入党申请人') AND (from_state IS NULL OR from_state = '已转出') THEN 1 END) AS moved_in
FROM changes
WHERE happened IS NOT NULL
GROUP BY year(happened), coalesce(social_group, '未填')
ORDER BY in_year, of_group
