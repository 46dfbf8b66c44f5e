-- The ballots of the members. Of open studies, a third was cast.
INSERT INTO beneficiary_vote (
    decision_id, request_id, company_id, member_id, user_id, is_chair, choice, reason,
    voted_on, create_uid, write_uid, create_date, write_date
)
SELECT decision.id, decision.request_id, decision.company_id, member.id, member.user_id,
       member.role = 'chair', ballot.choice,
       CASE WHEN ballot.choice IS NOT NULL THEN 'As studied' END,
       CASE WHEN ballot.choice IS NOT NULL
            THEN least(decision.raised_on + interval '2 days', now()) END,
       member.user_id, member.user_id, decision.raised_on, decision.raised_on
  FROM beneficiary_decision decision
  JOIN beneficiary_committee_member member USING (committee_id),
       LATERAL (SELECT CASE WHEN decision.outcome = 'rejected' THEN 'reject'
                            WHEN decision.outcome = 'accepted' THEN 'accept'
                            WHEN (decision.id + member.id) %% 3 = 0 THEN 'accept'
                       END AS choice) AS ballot
 WHERE decision.company_id = %(company)s
 ORDER BY decision.id, member.id
