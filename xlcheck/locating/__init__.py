"""From numbers to the causes of broken balances; pure, and knows no submission."""
