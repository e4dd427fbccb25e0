package io.coachpay.inbox;

import java.util.List;

import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;

import io.quarkus.smallrye.openapi.OpenApiFilter;

/** Describes the webhook endpoints, which are routes and not resources, beside the others. */
@OpenApiFilter(OpenApiFilter.RunStage.BUILD)
public class WebhookPaths implements OASFilter {

    private static final String TAG = "Webhooks";

    @Override
    public void filterOpenAPI(OpenAPI api) {
        api.addTag(OASFactory.createTag().name(TAG).description("Where Stripe delivers its events"));
        if (api.getPaths() == null) {
            api.setPaths(OASFactory.createPaths());
        }
        api.getPaths().addPathItem(WebhookRoute.PLATFORM_PATH, OASFactory.createPathItem()
                .POST(delivery("Deliver an event of the platform's own account", "deliverPlatformEvent")));
        api.getPaths().addPathItem(WebhookRoute.CONNECT_PATH, OASFactory.createPathItem()
                .POST(delivery("Deliver an event of a connected account", "deliverConnectEvent")));
    }

    private static Operation delivery(String summary, String id) {
        return OASFactory.createOperation().operationId(id).summary(summary).tags(List.of(TAG))
                .description("For Stripe alone, which signs each request. The event is stored and applied afterwards; "
                        + "an event that was delivered before is answered alike and stored once.")
                .addParameter(OASFactory.createParameter().name(Signature.HEADER).in(Parameter.In.HEADER).required(true)
                        .description("Stripe's signature over time and body")
                        .schema(OASFactory.createSchema().addType(Schema.SchemaType.STRING))
                        .example("t=1492774577,v1=5257a869e7ecebeda32affa62cdca3fa51cad7e77a0e56ff536d0ce8e108d8bd"))
                .requestBody(OASFactory.createRequestBody().required(true).description("A snapshot or thin event")
                        .content(OASFactory.createContent().addMediaType("application/json",
                                OASFactory.createMediaType()
                                        .schema(OASFactory.createSchema().addType(Schema.SchemaType.OBJECT)))))
                .responses(OASFactory.createAPIResponses()
                        .addAPIResponse("200", answer("Stored, now or before"))
                        .addAPIResponse("400", answer("Not signed by Stripe, not lately, or not an event; nothing is stored"))
                        .addAPIResponse("404", answer("The endpoint is closed: its signing secret is not set"))
                        .addAPIResponse("408", answer("The body took longer to arrive than it may; Stripe sends it again"))
                        .addAPIResponse("413", answer("Larger than 1 MiB"))
                        .addAPIResponse("503", answer("It cannot be stored now; Stripe sends it again")));
    }

    private static APIResponse answer(String description) {
        return OASFactory.createAPIResponse().description(description);
    }
}
