package io.coachpay.http;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** A connection that sends exactly what a test says, even what no well-behaved client would. */
final class RawConnection implements AutoCloseable {

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(15);

    private final Socket socket;
    private final InputStream input;

    RawConnection(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) LONGEST_WAIT.toMillis());
        input = new BufferedInputStream(socket.getInputStream());
    }

    /**
     * An answer.
     *
     * @param headers by their names, in any case
     */
    record Answer(int status, Map<String, String> headers, String body) {
    }

    /** Sends this, each line ended as HTTP wants it, and the empty line that ends a head. */
    RawConnection head(String... lines) throws IOException {
        return says((String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    RawConnection says(String text) throws IOException {
        return says(text.getBytes(StandardCharsets.UTF_8));
    }

    RawConnection says(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /** The next answer; fails with {@link SocketTimeoutException} when there is none, with {@link EOFException} at the end. */
    Answer answer() throws IOException {
        return answer(true);
    }

    /** @param hasBody false where the request was a HEAD */
    Answer answer(boolean hasBody) throws IOException {
        int status = Integer.parseInt(line().split(" ")[1]);
        if (status == 100) {
            line();
            return answer(hasBody);
        }
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line = line(); !line.isEmpty(); line = line()) {
            headers.put(line.substring(0, line.indexOf(':')), line.substring(line.indexOf(':') + 1).strip());
        }
        return new Answer(status, headers, hasBody && status != 204 ? body(headers) : "");
    }

    private String body(Map<String, String> headers) throws IOException {
        if (headers.containsKey("Transfer-Encoding")) {
            StringBuilder body = new StringBuilder();
            for (int length = Integer.parseInt(line(), 16); length > 0; length = Integer.parseInt(line(), 16)) {
                body.append(new String(input.readNBytes(length), StandardCharsets.UTF_8));
                line();
            }
            line();
            return body.toString();
        }
        int length = Integer.parseInt(headers.getOrDefault("Content-Length", "0"));
        return new String(input.readNBytes(length), StandardCharsets.UTF_8);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = input.read(); next != '\n'; next = input.read()) {
            if (next < 0) {
                throw new EOFException("The connection was closed after '" + line + "'");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    /** Whether the service has closed it, or does while the test waits; skips any further bytes. */
    boolean isClosed() throws IOException {
        try {
            while (input.read() >= 0) {
                // what came before
            }
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (SocketException e) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
