# Every target is one command of the dev/ folder, which explains itself as it
# goes. Variables reach it through the environment:
#   make test TAGS=/beneficiary_relations:TestRouting DEMO=0
PYTHON ?= python3

COMMANDS := setup run stop test hostile screens pictures lint bench servers i18n docs shell clean

.DEFAULT_GOAL := help
.PHONY: help $(COMMANDS)

help:
	@$(PYTHON) dev --help

$(COMMANDS):
	@$(PYTHON) dev $@
