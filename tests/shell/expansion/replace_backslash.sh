x='a\b'; echo "${x/\\/-}" "${x/\\/\\\\}"; x=abc; echo "${x/b/\n}" "${x/b/\\n}"
