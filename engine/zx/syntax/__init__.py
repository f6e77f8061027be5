"""Rule text to trees and back to text. Knows shape only: no catalogue, no names, no types."""
