package io.coachpay.sandbox;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

import org.jspecify.annotations.Nullable;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/** Routes requests: to Stripe's API, to the controls, or to a page for a person's browser. */
final class Server {

    private static final Logger LOG = System.getLogger(Server.class.getName());
    private static final int LARGEST_BODY = 2 * 1024 * 1024;

    private @Nullable World world;
    private @Nullable Control control;
    private @Nullable Pages pages;

    /** Answers requests from now on. */
    void open(World opened) {
        world = opened;
        control = new Control(opened);
        pages = new Pages(opened);
    }

    void serve(HttpServerRequest request) {
        Buffer body = Buffer.buffer();
        request.handler(part -> {
            body.appendBuffer(part);
            if (body.length() > LARGEST_BODY) {
                request.connection().close();
            }
        });
        request.endHandler(end -> dispatch(request, body));
    }

    private void dispatch(HttpServerRequest request, Buffer body) {
        World opened = world;
        Control controls = control;
        Pages hosted = pages;
        if (opened == null || controls == null || hosted == null) {
            Answer.html(503, "The sandbox is starting").send(request.response());
            return;
        }
        String path = request.path();
        Answer answer;
        try {
            if (path.startsWith("/v1/") || path.startsWith("/v2/")) {
                opened.api().serve(request, body);
                return;
            }
            answer = path.startsWith("/sandbox/") ? controls.serve(request, body) : hosted.serve(request, body);
        } catch (StripeError refusal) {
            answer = Answer.of(refusal);
        } catch (RuntimeException bug) {
            LOG.log(Level.ERROR, "The sandbox failed in " + request.method() + " " + path, bug);
            answer = Answer.json(500, Json.object("error", Json.object("type", "api_error", "message", String.valueOf(bug))));
        }
        opened.changed();
        answer.send(request.response());
    }
}
