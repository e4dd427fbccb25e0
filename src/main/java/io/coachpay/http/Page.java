package io.coachpay.http;

import java.util.List;
import java.util.UUID;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * One page of a list, newest first.
 *
 * @param data at most the number asked for
 * @param next the cursor of the next page, opaque; null on the last page
 */
public record Page<T>(List<T> data, @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String next) {

    /**
     * Cuts a page out of rows read with a limit of one more.
     *
     * @param rows the rows, at most {@code paging.limit() + 1}
     * @param id reads a row's version 7 id
     */
    public static <R, T> Page<T> of(List<R> rows, Paging paging, Function<R, UUID> id, Function<R, T> view) {
        boolean more = rows.size() > paging.limit();
        List<R> shown = more ? rows.subList(0, paging.limit()) : rows;
        String next = more ? Paging.cursorOf(id.apply(shown.get(shown.size() - 1))) : null;
        return new Page<>(shown.stream().map(view).toList(), next);
    }
}
