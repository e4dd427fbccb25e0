package io.coachpay.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Posts prepared requests over connections that are kept open, each waiting for its answer before it sends the next. One thread
 * and a selector, so that the client takes little of the machine it shares with the measured service.
 */
final class Load implements AutoCloseable {

    /** So long any work of a benchmark may take: ten times what it takes on a quiet machine. */
    static final Duration LONGEST = Duration.ofMinutes(5);

    private static final Pattern LENGTH = Pattern.compile("content-length: *(\\d+)");
    /** The header of an answer whose length is not known when it begins. */
    private static final String CHUNKED = "transfer-encoding: chunked";
    private static final String LAST_CHUNK = "\r\n0\r\n\r\n";
    private static final int USUAL_ANSWER = 64 * 1024;

    private final List<byte[]> requests;
    private final double perSecond;
    private final long[] nanos;
    private final Selector selector;
    private final Deque<Connection> idle = new ArrayDeque<>();
    private long begin;
    private int sent;
    private int answered;

    private Load(List<byte[]> requests, double perSecond) throws IOException {
        this.requests = requests;
        this.perSecond = perSecond;
        nanos = new long[requests.size()];
        selector = Selector.open();
    }

    /**
     * The result.
     *
     * @param rate from the first request to the last answer
     * @param nanos the time each answer took, in ascending order; of a paced run, counted from when the request was due
     */
    record Answers(Rate rate, long[] nanos) {

        /** In milliseconds. */
        double percentile(double share) {
            return nanos[(int) Math.min(nanos.length - 1L, Math.round(share * nanos.length))] / 1e6;
        }
    }

    /** Posts as fast as the answers come. */
    static Answers closedLoop(int port, List<byte[]> requests, int clients, Duration longest) throws IOException {
        try (Load load = new Load(requests, Double.POSITIVE_INFINITY)) {
            return load.run(port, clients, longest);
        }
    }

    /** Posts so many a second, whether the answers come in time or not. */
    static Answers paced(int port, List<byte[]> requests, int clients, double perSecond, Duration longest) throws IOException {
        try (Load load = new Load(requests, perSecond)) {
            return load.run(port, clients, longest);
        }
    }

    private Answers run(int port, int clients, Duration longest) throws IOException {
        for (int i = 0; i < clients; i++) {
            idle.add(new Connection(port));
        }
        begin = System.nanoTime();
        long deadline = begin + longest.toNanos();
        while (answered < requests.size()) {
            if (System.nanoTime() > deadline) {
                throw new IOException("After " + longest + " only " + answered + " of " + requests.size() + " are answered");
            }
            send();
            await();
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        Arrays.sort(nanos);
        return new Answers(new Rate(answered, seconds), nanos);
    }

    private void send() throws IOException {
        while (sent < requests.size() && !idle.isEmpty() && due(sent) <= System.nanoTime()) {
            idle.remove().send(sent++);
        }
    }

    private long due(int request) {
        return begin + (long) (request / perSecond * 1e9);
    }

    private void await() throws IOException {
        if (sent < requests.size() && !idle.isEmpty()) {
            selector.select(Math.max(1, (due(sent) - System.nanoTime()) / 1_000_000));
        } else {
            selector.select(100);
        }
        for (SelectionKey key : selector.selectedKeys()) {
            ((Connection) key.attachment()).goOn();
        }
        selector.selectedKeys().clear();
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }

    private final class Connection {

        private final SocketChannel channel;
        private final SelectionKey key;
        private ByteBuffer answer = ByteBuffer.allocate(USUAL_ANSWER);
        private ByteBuffer request = ByteBuffer.allocate(0);
        private int number;
        private long since;

        Connection(int port) throws IOException {
            channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            key = channel.register(selector, SelectionKey.OP_READ, this);
        }

        void send(int next) throws IOException {
            number = next;
            since = perSecond == Double.POSITIVE_INFINITY ? System.nanoTime() : due(next);
            request = ByteBuffer.wrap(requests.get(next));
            write();
        }

        void goOn() throws IOException {
            if (request.hasRemaining()) {
                write();
            }
            if (!answer.hasRemaining()) {
                answer = ByteBuffer.allocate(2 * answer.capacity()).put(answer.flip());
            }
            if (channel.read(answer) < 0) {
                throw new IOException("The service closed a connection");
            }
            if (isWhole()) {
                nanos[number] = System.nanoTime() - since;
                answered++;
                answer.clear();
                idle.add(this);
            }
        }

        private void write() throws IOException {
            channel.write(request);
            key.interestOps(request.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
        }

        private boolean isWhole() throws IOException {
            String text = new String(answer.array(), 0, answer.position(), StandardCharsets.ISO_8859_1);
            int end = text.indexOf("\r\n\r\n");
            if (end < 0) {
                return false;
            }
            String head = text.substring(0, end).toLowerCase(Locale.ROOT);
            Matcher length = LENGTH.matcher(head);
            if (head.startsWith("http/1.1 200") && head.contains(CHUNKED)) {
                return text.endsWith(LAST_CHUNK);
            }
            if (!head.startsWith("http/1.1 200") || !length.find()) {
                throw new IOException("The service answered " + text);
            }
            return text.length() >= end + 4 + Integer.parseInt(length.group(1));
        }
    }
}
