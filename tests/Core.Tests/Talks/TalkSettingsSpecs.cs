using System.Text;
using System.Text.Json;
using WanTalk.Core.Errors;
using WanTalk.Core.Intake;
using WanTalk.Core.Json;
using WanTalk.Core.Talks;
using WanTalk.Core.Uploads;

namespace WanTalk.Core.Tests.Talks;

/// <summary>Who wants to make a talk again need not remember what he asked for.</summary>
public class TalkSettingsSpecs
{
    private const string Inputs = """ "image_url":"https://example.com/p.png?sig=a%20b","audio_url":"https://example.com/s.wav" """;

    [Theory]
    [InlineData("")]
    [InlineData(""","width":639,"height":832,"seed":9007199254740991,"prompt":"hi","negative_prompt":"blur","stream":true""")]
    [InlineData(""","continuity":"takes","take_seconds":12.5""")]
    [InlineData(""","continuity":"takes" """)]
    [InlineData(""","audio_start":1.23456,"audio_end":9.1""")]
    [InlineData(""","audio_start":3,"num_frames":300""")]
    [InlineData(""","preset":"undistilled","steps":20,"cfg":1.5,"shift":3,"scheduler":"unipc","tiled_vae":true,"blocks_to_swap":7""")]
    [InlineData(""","preset":"fast","lora":"none","scheduler":"unipc","audio_scale":0.5,"audio_cfg_scale":2,"normalize_loudness":false""")]
    [InlineData(""","model":"other-Q8.gguf","talk_model":"t.gguf","lora":"l.safetensors","precision":"bf16","attention":"sageattn" """)]
    public void A_request_with_a_talks_settings_makes_the_same_talk(string fields)
    {
        var first = RequestOf($"{{{Inputs}{fields}}}");
        var again = RequestOf(JsonSerializer.Serialize(TalkSettings.Of(first), CoreJson.Options));
        Assert.Equal(Told(first), Told(again with { Id = first.Id, CreatedAt = first.CreatedAt }));
    }

    [Fact]
    public void Of_a_preset_only_what_differs_is_told()
    {
        var settings = JsonSerializer.SerializeToNode(TalkSettings.Of(RequestOf($$"""{{{Inputs}},"preset":"fast","tiled_vae":true,"steps":4}""")), CoreJson.Options)!;
        Assert.Equal(
            ["image_url", "audio_url", "width", "height", "seed", "prompt", "continuity", "stream", "preset", "tiled_vae"],
            settings.AsObject().Select(field => field.Key));
    }

    [Fact]
    public void Uploads_are_told_with_their_end_and_files_not_at_all()
    {
        var (sooner, later) = (DateTimeOffset.UnixEpoch.AddDays(1), DateTimeOffset.UnixEpoch.AddDays(2));
        var request = RequestOf($"{{{Inputs}}}") with { PortraitUrl = null, SpeechUrl = null };
        Assert.Equal((null, null, null), (TalkSettings.Of(request).ImageUrl, TalkSettings.Of(request).AudioUrl, TalkSettings.InputsUsableUntil(request)));
        request = request with { PortraitUpload = UploadId.New(later), SpeechUpload = UploadId.New(sooner) };
        Assert.Equal($"upload:{request.SpeechUpload}", TalkSettings.Of(request).AudioUrl);
        Assert.Equal(sooner, TalkSettings.InputsUsableUntil(request));
    }

    private static TalkRequest RequestOf(string json)
    {
        var problems = new List<TalkError>();
        var draft = TalkJson.Read(Encoding.UTF8.GetBytes(json), problems);
        var request = TalkIntake.Check(draft, TimeProvider.System, out var refused);
        Assert.Empty(problems.Concat(refused));
        return request!;
    }

    private static string Told(TalkRequest request) => JsonSerializer.Serialize(request, CoreJson.Readable);
}
