# findings.def as the list in dhrledger(1).
/^FINDING\(/ { entry = "" }
{ entry = entry $0 }
entry ~ /^FINDING\(.*\)$/ {
	split(entry, part, /[(,] */)
	summary = entry
	sub(/^[^"]*"/, "", summary)
	sub(/"[^"]*$/, "", summary)
	printf ".It DL%03d Pq %s\n%s\n", part[2], tolower(part[4]), toupper(substr(summary, 1, 1)) substr(summary, 2) "."
	entry = ""
}
