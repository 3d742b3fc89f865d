# `make` alone lists what can be made. Everything happens in .venv; nothing is installed elsewhere.
SHELL := bash
.DEFAULT_GOAL := help
.PHONY: help setup setup-dev demo run test lint bench specs pins train-sketchbook clean

export PYTHON TORCH_INDEX
PYTHON ?= python3
PARTS ?=
BENCH ?=

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' Makefile

setup:  ## .venv with the pinned packages (TORCH_INDEX=URL: another build of torch)
	@scripts/setup run

setup-dev:  # the same and what tests need
	@scripts/setup dev

demo: setup  ## one conversation from wish to picture, in the terminal
	@.venv/bin/atelier demo

run: setup  ## the service: chats whose tokens are set, a terminal chat, the moderators' desk
	@.venv/bin/atelier serve --roles chat,render,desk

test: setup-dev  ## everything that is checked (PARTS="lint types tests/store": only these)
	@.venv/bin/python tests/run_parts.py $(PARTS)

lint: setup-dev  ## style, formatting and types
	@.venv/bin/python tests/run_parts.py lint types

bench: setup-dev  ## every benchmark, quickly (BENCH=path: that one, in full)
	@.venv/bin/python scripts/bench.py $(BENCH)

specs: setup-dev  ## the platforms' API descriptions that some tests need: are they here?
	@.venv/bin/python scripts/specs.py

pins: setup-dev  ## writes constraints.txt anew from .venv
	@.venv/bin/python scripts/pins.py

train-sketchbook: setup  ## trains the bundled model from nothing (PRESET=…; RESUME=1: goes on)
	@.venv/bin/python -m inference.sketchbook train $(if $(PRESET),--preset $(PRESET)) $(if $(RESUME),--resume)

clean:  ## removes .venv and what tools left behind; never your data
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist *.egg-info
