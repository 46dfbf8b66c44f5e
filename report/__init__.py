from . import decision_letter, ir_actions_report
