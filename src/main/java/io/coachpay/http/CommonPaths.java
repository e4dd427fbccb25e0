package io.coachpay.http;

import java.util.Map;
import java.util.TreeMap;

import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;

import io.quarkus.smallrye.openapi.OpenApiFilter;

/** Adds to the API's description what every endpoint shares: refusals are problems, and a POST takes a key. */
@OpenApiFilter(value = OpenApiFilter.RunStage.BUILD, priority = 0) // after those that add paths
public class CommonPaths implements OASFilter {

    private static final String NAME = "Problem";
    private static final String UNAVAILABLE = "`unavailable`: the database does not answer at the moment, send the request again";
    /** Refusals of a body before its content is read. */
    private static final Map<String, String> OF_BODIES = new TreeMap<>(Map.of(
            "408", "`too-slow`: the body took longer to arrive than it may",
            "413", "`too-large`: the body has more than 64 KiB",
            "415", "`unsupported-media-type`: it is not sent as application/json",
            "429", "`too-many-requests`: too many requests of the same person are under way",
            "503", UNAVAILABLE + "; `no-room`: too many large requests are under way, come again in a moment"));
    private static final String PROBLEM_JSON = "application/problem+json";

    @Override
    public void filterOpenAPI(OpenAPI api) {
        if (api.getComponents() == null) {
            api.setComponents(OASFactory.createComponents());
        }
        api.getComponents().addSchema(NAME, schema());
        api.getPaths().getPathItems().forEach((path, item) -> {
            if (path.startsWith("/v1/")) {
                item.getOperations().values().stream().filter(operation -> operation.getRequestBody() != null)
                        .forEach(operation -> OF_BODIES.forEach((code, text) -> add(operation, code, text)));
                item.getOperations().values().forEach(operation -> add(operation, "503", UNAVAILABLE));
            }
        });
        api.getPaths().getPathItems().values().stream().flatMap(path -> path.getOperations().values().stream())
                .forEach(operation -> operation.getResponses().getAPIResponses().forEach(CommonPaths::describe));
        api.getPaths().getPathItems().forEach((path, item) -> {
            if (path.startsWith("/v1/") && item.getPOST() != null) {
                item.getPOST().addParameter(key());
            }
        });
    }

    /** Adds a response, unless the operation describes it itself. */
    private static void add(Operation operation, String code, String description) {
        if (!operation.getResponses().hasAPIResponse(code)) {
            operation.getResponses().addAPIResponse(code, OASFactory.createAPIResponse().description(description));
        }
    }

    private static Parameter key() {
        return OASFactory.createParameter().name(IdempotencyFilter.HEADER).in(Parameter.In.HEADER)
                .description("Makes the request safe to send again: for 24 hours the same key with the same request is "
                        + "answered as before (`Idempotent-Replayed: true`) and nothing is done twice; with another request "
                        + "it is refused (422), and while the first one is running too (409).")
                .schema(OASFactory.createSchema().addType(Schema.SchemaType.STRING).maxLength(IdempotencyFilter.LONGEST_KEY))
                .example("8a1b7c52-6f0e-4a57-9d0e-0f9c3d1f2b11");
    }

    private static void describe(String code, APIResponse response) {
        if (code.startsWith("4") || code.startsWith("5")) {
            response.setContent(OASFactory.createContent().addMediaType(PROBLEM_JSON, OASFactory.createMediaType()
                    .schema(OASFactory.createSchema().ref("#/components/schemas/" + NAME))));
        }
    }

    private static Schema schema() {
        return OASFactory.createSchema().addType(Schema.SchemaType.OBJECT)
                .description("Why a request was refused (RFC 9457); some problems have members of their own")
                .addProperty("type", text("Which problem it is", "urn:coachpay:problem:slot-taken"))
                .addProperty("title", text("The kind of refusal", "Slot taken"))
                .addProperty("status", OASFactory.createSchema().addType(Schema.SchemaType.INTEGER).addExample(409))
                .addProperty("detail", text("Explains this refusal to a person", "The coach is taken at this time"))
                .addProperty("instance", text("The path that was asked for", "/v1/sessions"))
                .addProperty(RequestId.NAME, text("Tell us this one when you ask about it; also in the header `"
                        + RequestId.HEADER + "` of every answer", "01890a5d-ac96-774b-bcce-b302099a8057"))
                .addProperty("violations", OASFactory.createSchema().addType(Schema.SchemaType.ARRAY)
                        .description("The fields that are wrong, if any are")
                        .items(OASFactory.createSchema().addType(Schema.SchemaType.OBJECT)
                                .addProperty("field", text("Its path in the request", "hourlyRate.amount"))
                                .addProperty("message", text("What is wrong with it", "must not be null"))));
    }

    private static Schema text(String description, String example) {
        return OASFactory.createSchema().addType(Schema.SchemaType.STRING).description(description).addExample(example);
    }
}
