"""From labelled replies to the numbers that ship with argmine."""
