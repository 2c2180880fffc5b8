# Put generated text between a page's markers:
#
#     awk -v name=schema -f man/splice.awk BODY PAGE
#
# prints PAGE with BODY between the lines `.\" schema begins` and `.\" schema ends`.
FNR == NR { body = body $0 "\n"; next }
inside && $0 == ".\\\" " name " ends" { printf "%s", body; inside = 0; found = 1 }
!inside { print }
$0 == ".\\\" " name " begins" { inside = 1 }
END {
	if (!found || inside) {
		print FILENAME ": no markers for " name > "/dev/stderr"
		exit 1
	}
}
