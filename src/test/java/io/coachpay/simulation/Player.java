package io.coachpay.simulation;

import java.net.URI;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Somebody in a story, and what the service answered them that it must never answer. */
final class Player {

    private final String name;
    private final String id;
    private final Http http;
    private final Queue<String> complaints = new ConcurrentLinkedQueue<>();

    /** Signs in and makes themselves known to the service. */
    Player(String name, URI service) {
        this.name = name;
        String token = new Http(service, "").get("/dev/token?user=" + name).text("access_token");
        http = new Http(service, "Bearer " + token);
        id = get("/v1/me").text("id");
    }

    String id() {
        return id;
    }

    Reply get(String path) {
        return heard("GET " + path, http.get(path));
    }

    Reply delete(String path) {
        return heard("DELETE " + path, http.delete(path));
    }

    Reply put(String path, Object body) {
        return heard("PUT " + path, http.json("PUT", path, body));
    }

    Reply patch(String path, Object body) {
        return heard("PATCH " + path, http.json("PATCH", path, body));
    }

    Reply post(String path, Object body) {
        return heard("POST " + path, http.json("POST", path, body));
    }

    /** Sends the same again under one key until it is answered with something other than Stripe's absence, a few times. */
    Reply insist(String path, Object body, String key) {
        Reply reply = new Reply(0, com.fasterxml.jackson.databind.node.MissingNode.getInstance());
        for (int attempt = 0; attempt < 3 && (reply.status() == 0 || reply.status() >= 500); attempt++) {
            reply = heard("POST " + path, http.json("POST", path, body, Map.of("Idempotency-Key", key)));
        }
        return reply;
    }

    /** Posts what Stripe may be away for, but not refuse. */
    Reply mustNotBeRefused(String path, Object body) {
        Reply reply = post(path, body);
        if (reply.status() == 502) {
            complaints.add(name + " was refused " + reply.brief() + " to POST " + path + ": " + reply.body());
        }
        return reply;
    }

    /** What must not have been: answers that are nobody's fault but ours, and silence. */
    Queue<String> complaints() {
        return complaints;
    }

    private Reply heard(String asked, Reply reply) {
        boolean ours = reply.status() == 0 || (reply.status() >= 500 && reply.status() != 502 && reply.status() != 503);
        if (ours) {
            complaints.add(name + " was answered " + reply.brief() + " to " + asked + ": " + reply.body());
        }
        return reply;
    }
}
