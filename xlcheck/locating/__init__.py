"""From numbers to the causes of broken balances, and what should stand there. Pure, and knows no submission."""
