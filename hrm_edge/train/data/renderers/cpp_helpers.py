"""Functions that C++'s library lacks, written before the solution that needs them."""

HELPERS: dict[str, str] = {
    "to_upper": """std::string to_upper(std::string text) {
    for (char& c : text) {
        c = static_cast<char>(std::toupper(c));
    }
    return text;
}""",
    "to_lower": """std::string to_lower(std::string text) {
    for (char& c : text) {
        c = static_cast<char>(std::tolower(c));
    }
    return text;
}""",
    "trim": """std::string trim(const std::string& text) {
    const std::string blanks = " \\t\\n\\r";
    size_t first = text.find_first_not_of(blanks);
    if (first == std::string::npos) {
        return "";
    }
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}""",
    "split": """std::vector<std::string> split(const std::string& text, char separator) {
    std::vector<std::string> parts(1);
    for (char c : text) {
        if (c == separator) {
            parts.push_back("");
        } else {
            parts.back() += c;
        }
    }
    return parts;
}""",
    "split_words": """std::vector<std::string> split_words(const std::string& text) {
    std::istringstream stream(text);
    std::vector<std::string> words;
    std::string word;
    while (stream >> word) {
        words.push_back(word);
    }
    return words;
}""",
    "join": """std::string join(const std::vector<std::string>& parts, const std::string& separator) {
    std::string text;
    for (size_t i = 0; i < parts.size(); ++i) {
        if (i > 0) {
            text += separator;
        }
        text += parts[i];
    }
    return text;
}""",
    "replace_all": """std::string replace_all(std::string text, const std::string& from, const std::string& to) {
    size_t at = 0;
    while ((at = text.find(from, at)) != std::string::npos) {
        text.replace(at, from.size(), to);
        at += to.size();
    }
    return text;
}""",
    "count_occurrences": """int count_occurrences(const std::string& text, const std::string& part) {
    int count = 0;
    size_t at = 0;
    while ((at = text.find(part, at)) != std::string::npos) {
        ++count;
        at += part.size();
    }
    return count;
}""",
    "ends_with": """bool ends_with(const std::string& text, const std::string& suffix) {
    return text.size() >= suffix.size() &&
           text.compare(text.size() - suffix.size(), suffix.size(), suffix) == 0;
}""",
    "repeat": """std::string repeat(const std::string& text, int times) {
    std::string result;
    for (int i = 0; i < times; ++i) {
        result += text;
    }
    return result;
}""",
    "power": """INT power(INT base, INT exponent) {
    INT result = 1;
    for (INT i = 0; i < exponent; ++i) {
        result *= base;
    }
    return result;
}""",
    "bit_length": """int bit_length(INT value) {
    int length = 0;
    while (value > 0) {
        value >>= 1;
        ++length;
    }
    return length;
}""",
    "floor_div": """INT floor_div(INT a, INT b) {
    INT quotient = a / b;
    if (a % b != 0 && (a < 0) != (b < 0)) {
        --quotient;
    }
    return quotient;
}""",
    "floor_mod": """INT floor_mod(INT a, INT b) {
    return ((a % b) + b) % b;
}""",
}
"""Source by name; INT is the type of ints."""


def helper_source(name: str, *, wide: bool) -> str:
    """The function of a name."""
    return HELPERS[name].replace("INT", "long long" if wide else "int")
