"""An assessment round: people, decisions, dates, scores that count, what follows from them."""
