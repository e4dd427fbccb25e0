package io.coachpay;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A string in Java source, for tests that read the SQL in it. Strings that plus signs join are one, and comments are passed
 * over.
 *
 * @param begin where it begins in its file
 */
record SourceText(String text, int begin) {

    private static final Pattern TOKEN = Pattern.compile(
            "/\\*(?s:.*?)\\*/|//[^\\n]*|\"\"\"(?<block>(?s:.*?))\"\"\"|\"(?<line>(?:\\\\.|[^\"\\\\\\n])*)\"|'(?:\\\\.|[^'\\\\\\n])*'");

    static List<SourceText> of(String code) {
        List<SourceText> texts = new ArrayList<>();
        Matcher token = TOKEN.matcher(code);
        int end = -1;
        while (token.find()) {
            String text = token.group("block") == null ? token.group("line") : token.group("block");
            if (text == null) {
                continue;
            }
            if (end >= 0 && code.substring(end, token.start()).matches("\\s*\\+\\s*")) {
                SourceText last = texts.remove(texts.size() - 1);
                texts.add(new SourceText(last.text + text, last.begin));
            } else {
                texts.add(new SourceText(text, token.start()));
            }
            end = token.end();
        }
        return texts;
    }
}
