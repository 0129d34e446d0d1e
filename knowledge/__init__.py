"""The texts (framework, outcomes, case studies) and the one reader of them."""
