-- What: for each calendar year and group, how often something happened: applications, confirmations and so on along the
--       path, and who came and went.
-- Source: 中办发〔2013〕4号 (五), (十一)-(十三); 细则 2026 Art. 7, 8, 13, 20, 25, 33.
-- Admitted counts by the day of the branch meeting's vote, unless the next word on it was that the person was not
--       admitted. Who moved in with a state that was reached elsewhere counts as moved in.
-- Does not conclude: whether a plan was kept; the plan is not in these tables. The year of as_of may be unfinished.
WITH votes AS (
    SELECT
        person_id, sequence,
        lead(decision) OVER (PARTITION BY person_id ORDER BY sequence) AS next_decision
    FROM changes
    WHERE decision IN (
        '党支部党员大会通过接收为预备党员', '上级党委批准接收为预备党员', '取消预备党员资格', '没有接收为预备党员'
    )
),
refused AS (
    SELECT person_id, sequence FROM votes WHERE next_decision = '没有接收为预备党员'
),
happenings AS (
    SELECT
        year(happened) AS in_year, coalesce(social_group, '未填') AS of_group, decision,
        CASE WHEN refused.sequence IS NULL THEN 1 ELSE 0 END AS stands
    FROM changes
    LEFT JOIN refused ON refused.person_id = changes.person_id AND refused.sequence = changes.sequence
    WHERE happened IS NOT NULL
)
SELECT
    in_year, of_group,
    count(CASE WHEN decision = '收到入党申请书' THEN 1 END) AS applied,
    count(CASE WHEN decision = '确定为入党积极分子' THEN 1 END) AS confirmed,
    count(CASE WHEN decision = '暂停培养' THEN 1 END) AS paused,
    count(CASE WHEN decision IN ('不再作为入党积极分子', '本人撤回申请') THEN 1 END) AS left_the_path,
    count(CASE WHEN decision = '列为发展对象' THEN 1 END) AS listed,
    count(CASE WHEN decision = '党支部党员大会通过接收为预备党员' AND stands = 1 THEN 1 END) AS admitted,
    count(CASE WHEN decision = '上级党委批准转为正式党员' THEN 1 END) AS became_full,
    count(CASE WHEN decision = '延长预备期' THEN 1 END) AS extended,
    count(CASE WHEN decision = '取消预备党员资格' THEN 1 END) AS cancelled,
    count(CASE WHEN decision = '转入' THEN 1 END) AS moved_in,
    count(CASE WHEN decision = '转出' THEN 1 END) AS moved_out
FROM happenings
WHERE decision NOT IN (
    '登记现状', '恢复培养', '拟列为发展对象', '不列为发展对象，继续培养', '没有接收为预备党员',
    '上级党委批准接收为预备党员', '党支部党员大会通过转正'
) AND (decision <> '党支部党员大会通过接收为预备党员' OR stands = 1)
GROUP BY in_year, of_group
ORDER BY in_year, of_group
