# ruff: noqa: S608 -- constants put together; values always go as parameters
"""The statements behind the figures. They give counts only: no column about a person leaves the database.

Written out, since multiranges (open days minus paused days) and grouping sets aren't in the ORM. Row-level security
lets through the open scope's service, as everywhere. Ranges are half-open, as PostgreSQL keeps them: upper is the day after.
"""

OPEN = """
WITH open AS (
  SELECT p.person_id, p.id AS pathway_id, k.kind,
         CASE WHEN greatest(p.starts_on, k.starts_on) <= coalesce(least(p.ends_on, k.ends_on), 'infinity')
              THEN daterange(greatest(p.starts_on, k.starts_on), least(p.ends_on, k.ends_on), '[]') END AS days
    FROM "pathways_pathway" p
    JOIN "pathways_pathwayprogramme" k ON k.service_id = p.service_id AND k.pathway_id = p.id
   WHERE greatest(p.starts_on, k.starts_on) <= coalesce(least(p.ends_on, k.ends_on), 'infinity')
), paused AS (
  SELECT pathway_id, range_agg(daterange(starts_on, ends_on, '[]')) AS days
    FROM "pathways_suspension"
   WHERE starts_on <= coalesce(ends_on, 'infinity')
   GROUP BY pathway_id
), active AS (
  SELECT o.person_id, o.pathway_id, o.kind, part AS days
    FROM open o
    LEFT JOIN paused ON paused.pathway_id = o.pathway_id
    CROSS JOIN LATERAL unnest(datemultirange(o.days) - coalesce(paused.days, '{}')) AS part
)
"""
"""open: the days that a pathway was open, per kind. active: the same without the paused days. A fact that was replaced on
its first day holds on no day (core.dated.succeed) and falls out; CASE, since the WHERE may be looked at after the range."""

PER_MONTH = (
    OPEN
    + """, period AS (
  SELECT first, last FROM unnest(%(firsts)s::date[], %(lasts)s::date[]) AS given(first, last)
), month AS (
  SELECT DISTINCT period.first, a.kind, a.person_id, m::date AS month
    FROM active a
    JOIN period ON a.days && daterange(period.first, period.last, '[]')
    CROSS JOIN LATERAL generate_series(
      date_trunc('month', greatest(lower(a.days), period.first)::timestamp),
      least(upper(a.days) - 1, period.last)::timestamp, '1 month') AS m
)
"""
)

MONTHS = PER_MONTH + (
    "SELECT month, coalesce(kind, ''), count(DISTINCT person_id) FROM month "
    "GROUP BY GROUPING SETS ((month, kind), (month)) ORDER BY 1, 2"
)
AVERAGES = PER_MONTH + (
    "SELECT first, coalesce(kind, ''), sum(persons)::bigint FROM (SELECT first, month, kind, "
    "count(DISTINCT person_id) AS persons FROM month GROUP BY GROUPING SETS ((first, month, kind), (first, month))) n "
    "GROUP BY first, kind ORDER BY 1, 2"
)
ACTIVE = OPEN + (
    "SELECT coalesce(kind, ''), count(DISTINCT person_id) FROM active "
    "WHERE days && daterange(%(first)s, %(last)s, '[]') GROUP BY GROUPING SETS ((kind), ())"
)
FLOWS = """
SELECT coalesce(k.kind, ''),
       count(DISTINCT p.id) FILTER (WHERE p.starts_on BETWEEN %(first)s AND %(last)s
         AND p.starts_on BETWEEN k.starts_on AND coalesce(k.ends_on, 'infinity')),
       count(DISTINCT p.id) FILTER (WHERE p.ends_on BETWEEN %(first)s AND %(last)s
         AND p.ends_on BETWEEN k.starts_on AND coalesce(k.ends_on, 'infinity')),
       count(DISTINCT p.id) FILTER (WHERE p.ends_on BETWEEN %(first)s AND %(last)s
         AND p.ends_on BETWEEN k.starts_on AND coalesce(k.ends_on, 'infinity') AND p.stepped_up)
  FROM "pathways_pathway" p
  JOIN "pathways_pathwayprogramme" k ON k.service_id = p.service_id AND k.pathway_id = p.id
 WHERE p.starts_on BETWEEN %(first)s AND %(last)s OR p.ends_on BETWEEN %(first)s AND %(last)s
 GROUP BY GROUPING SETS ((k.kind), ())
"""
AIMS = (
    OPEN
    + """, counted AS (
  SELECT DISTINCT person_id, pathway_id, kind FROM active WHERE days && daterange(%(first)s, %(last)s, '[]')
), newest AS (
  SELECT DISTINCT ON (c.person_id, c.kind) c.person_id, c.kind, a.aim
    FROM counted c
    JOIN open o ON o.pathway_id = c.pathway_id AND o.kind = c.kind
    LEFT JOIN "pathways_aim" a ON a.pathway_id = c.pathway_id
         AND greatest(a.starts_on, lower(o.days), %(first)s) <= least(a.ends_on, upper(o.days) - 1, %(last)s)
   ORDER BY c.person_id, c.kind, a.aim IS NULL, least(a.ends_on, upper(o.days) - 1, %(last)s) DESC,
            a.starts_on DESC, a.id DESC
)
SELECT kind, coalesce(aim, ''), count(*) FROM newest GROUP BY kind, aim ORDER BY 1, 2
"""
)
FUNNEL = """
WITH referral AS (
  SELECT r.referrer_kind AS kind, r.person_id, (r.person_id, coalesce(r.referrer_id::text, '')) AS by_referrer,
         EXISTS (SELECT FROM "pathways_intaketalk" t WHERE t.service_id = r.service_id AND t.referral_id = r.id
                    AND t.kind = 'talk' AND t.reached) AS talked,
         EXISTS (SELECT FROM "pathways_pathway" p WHERE p.service_id = r.service_id AND p.referral_id = r.id
                    AND p.starts_on <= %(today)s) AS started
    FROM "pathways_referral" r
   WHERE r.received_on BETWEEN %(first)s AND %(last)s AND (NOT r.call_only OR r.state = 'accepted')
)
SELECT kind, count(DISTINCT by_referrer), count(DISTINCT by_referrer) FILTER (WHERE talked),
       count(DISTINCT by_referrer) FILTER (WHERE started), count(DISTINCT person_id),
       count(DISTINCT person_id) FILTER (WHERE talked), count(DISTINCT person_id) FILTER (WHERE started)
  FROM referral
 GROUP BY GROUPING SETS ((kind), ())
 ORDER BY kind
"""
LASTING = """
WITH placement AS (
  SELECT ends_on, (starts_on + interval '6 months')::date AS goal
    FROM "placements_placement"
   WHERE state IN ('active', 'ended') AND starts_on BETWEEN %(first)s AND %(last)s
     AND starts_on <= coalesce(ends_on, 'infinity')
)
SELECT count(*),
       count(*) FILTER (WHERE goal <= %(today)s AND coalesce(ends_on, 'infinity') >= goal),
       count(*) FILTER (WHERE ends_on < goal AND ends_on <= %(today)s)
  FROM placement
"""
HOSTS = """
SELECT GROUPING(u.name, t.sector), u.name, t.sector, count(DISTINCT l.host_id), count(*)
  FROM "placements_placement" l
  JOIN "hosts_host" h ON h.service_id = l.service_id AND h.id = l.host_id
  JOIN "hosts_organisation" o ON o.id = h.organisation_id
  LEFT JOIN "hosts_organisation" u ON u.id = o.umbrella_id
  JOIN "hosts_task" t ON t.id = l.task_id
 WHERE l.state IN ('active', 'ended') AND l.starts_on <= %(last)s AND coalesce(l.ends_on, 'infinity') >= %(first)s
 GROUP BY GROUPING SETS ((u.name), (t.sector), ())
 ORDER BY 1, 4 DESC, 5 DESC, 2, 3
"""
SINCE = """
SELECT least((SELECT min(starts_on) FROM "pathways_pathway"), (SELECT min(received_on) FROM "pathways_referral"),
             (SELECT min(starts_on) FROM "placements_placement" WHERE state IN ('active', 'ended')))
"""
