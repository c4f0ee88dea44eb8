"""Solutions of week 2's lecture and worksheet on matrix derivatives."""
