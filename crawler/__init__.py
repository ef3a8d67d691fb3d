"""What was seen: spiders, observation store, extraction, browser pass, derivation of facts."""
