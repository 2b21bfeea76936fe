using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Net.Http.Headers;
using WanTalk.Understudy.Nodes.Models;

namespace WanTalk.Understudy.Server;

/// <summary>What ComfyUI's page in the browser asks for, and other clients after it. There is no such page here: / says what this is.</summary>
internal sealed class BrowserRoutes
{
    private static readonly byte[] Page = Encoding.UTF8.GetBytes(
        "<!doctype html><html><head><title>WanTalk understudy</title></head><body><p>This is WanTalk's understudy, a preview engine that "
        + "speaks ComfyUI's protocol. It has no page to edit graphs with.</p></body></html>\n");

    /// <summary>The kinds of model files in the order of the real server, and the files of those that the understudy claims to have.</summary>
    private static readonly (string Folder, string[] Files)[] Models =
    [
        ("checkpoints", []), ("configs", []), ("loras", KnownModels.Loras), ("vae", KnownModels.Vae),
        ("text_encoders", KnownModels.TextEncoders), ("diffusion_models", KnownModels.Diffusion), ("clip_vision", KnownModels.ClipVision),
        ("style_models", []), ("embeddings", []), ("diffusers", []), ("vae_approx", []), ("controlnet", []), ("gligen", []),
        ("upscale_models", []), ("latent_upscale_models", []), ("custom_nodes", []), ("hypernetworks", []), ("photomaker", []),
        ("classifiers", []), ("model_patches", []), ("audio_encoders", []), ("unet_gguf", KnownModels.Diffusion), ("wav2vec2", []),
        ("kjnodes_fonts", []), ("VHS_video_formats", []),
    ];

    private readonly DateTimeOffset _started;

    public BrowserRoutes(TimeProvider time) => _started = time.GetUtcNow();

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", PageAsync);
        routes.MapGet("/embeddings", http => Answers.JsonAsync(http, new JsonArray()));
        routes.MapGet("/extensions", http => Answers.JsonAsync(http, new JsonArray()));
        routes.MapGet("/users", http => Answers.JsonAsync(http, new JsonObject { ["storage"] = "server", ["migrated"] = false }));
        routes.MapGet("/models", http => Answers.JsonAsync(http, Names(Models.Select(model => model.Folder))));
        routes.MapGet("/models/{folder}", ModelsAsync);
        routes.MapPatch("/internal/logs/subscribe", http =>
        {
            Answers.Empty(http, 200);
            return Task.CompletedTask;
        });
    }

    private async Task PageAsync(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-cache";
        var tag = new EntityTagHeaderValue($"\"{_started.Ticks:x}-{Page.Length:x}\"");
        await Results.Bytes(Page, "text/html", enableRangeProcessing: true, lastModified: _started, entityTag: tag).ExecuteAsync(http);
    }

    private static async Task ModelsAsync(HttpContext http, string folder)
    {
        var index = Array.FindIndex(Models, model => model.Folder == folder);
        if (index < 0)
            Answers.Empty(http, 404);
        else
            await Answers.JsonAsync(http, Names(Models[index].Files));
    }

    private static JsonArray Names(IEnumerable<string> names) => new([.. names.Select(name => (JsonNode)name)]);
}
