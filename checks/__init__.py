"""What it means: facts, verdicts, the rule catalogue, the engine and scoring. Pure: no network, disk or clock."""
