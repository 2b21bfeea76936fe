using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using WanTalk.Core.Errors;
using WanTalk.Core.Intake;
using WanTalk.Core.Owners;
using WanTalk.Core.Talks;
using WanTalk.Core.Uploads;

namespace WanTalk.Api.Talks;

/// <summary>What a request for a talk brings: its draft, and the inputs that came with it. An input that is named by address has no stream.</summary>
/// <param name="Draft">The draft, without what could not be read.</param>
/// <param name="Portrait">Opens the portrait; null when its address is given.</param>
/// <param name="Speech">Opens the speech; null when its address is given.</param>
/// <param name="Problems">What could not be read.</param>
internal sealed record TalkBody(TalkDraft Draft, Func<Stream>? Portrait, Func<Stream>? Speech, IReadOnlyList<TalkError> Problems)
{
    /// <summary>The most bytes of a JSON body, which is held in memory: inputs of 20 MB in base64, and all else.</summary>
    public const long MaxJsonBytes = 32 << 20;

    private const long MaxFormBytes = TalkLimits.MaxPortraitBytes + TalkLimits.MaxSpeechBytes + (1 << 20);

    /// <summary>Reads a body: JSON, or a form.</summary>
    /// <exception cref="TalkException">It is neither, too large, or cannot be read.</exception>
    public static Task<TalkBody> ReadAsync(HttpContext http, CancellationToken cancellationToken) =>
        http.Request.HasFormContentType ? ReadFormAsync(http, cancellationToken)
        : http.Request.HasJsonContentType() ? ReadJsonAsync(http, cancellationToken)
        : throw new TalkException(ErrorCode.MediaTypeUnsupported,
            "The body is neither JSON nor a form. Send application/json with image_url and audio_url, or multipart/form-data with the files "
            + "'portrait' and 'speech'.");

    /// <summary>The body with the uploads that it names as its inputs, which then need not come with it.</summary>
    /// <param name="uploads">The callers' uploads.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="cancellationToken">Gives up the call.</param>
    public async Task<TalkBody> WithUploadsAsync(OwnedUploads uploads, Caller caller, CancellationToken cancellationToken)
    {
        List<TalkError> problems = [.. Problems];
        var draft = await uploads.ResolveAsync(caller, Draft, problems, cancellationToken);
        return new TalkBody(
            draft, draft.PortraitUpload is null ? Portrait : null, draft.SpeechUpload is null ? Speech : null, problems);
    }

    /// <summary>Makes a body of JSON that has been read.</summary>
    internal static TalkBody Of(ReadOnlyMemory<byte> json)
    {
        var problems = new List<TalkError>();
        var draft = TalkJson.Read(json, problems);
        var portrait = Inside(draft.PortraitUrl);
        var speech = Inside(draft.SpeechUrl);
        draft = draft with
        {
            Portrait = FactsOf("portrait", portrait),
            PortraitUrl = portrait is null ? draft.PortraitUrl : null,
            Speech = FactsOf("speech", speech),
            SpeechUrl = speech is null ? draft.SpeechUrl : null,
        };
        return new TalkBody(draft, OpenerOf(portrait), OpenerOf(speech), problems);
    }

    private static async Task<TalkBody> ReadJsonAsync(HttpContext http, CancellationToken cancellationToken) =>
        Of(await BoundedBody.ReadAsync(http.Request, MaxJsonBytes, cancellationToken));

    private static async Task<TalkBody> ReadFormAsync(HttpContext http, CancellationToken cancellationToken)
    {
        BoundedBody.Limit(http.Request, MaxFormBytes);

        // Files above the threshold are buffered on disk, not in memory.
        http.Features.Set<IFormFeature>(new FormFeature(http.Request, new FormOptions { MultipartBodyLengthLimit = MaxFormBytes }));
        IFormCollection form;
        try
        {
            form = await http.Request.ReadFormAsync(cancellationToken);
        }
        catch (Exception malformed) when (malformed is InvalidDataException or IOException)
        {
            throw new TalkException(ErrorCode.ArgumentInvalid, $"The form cannot be read: {malformed.Message}", malformed);
        }

        var problems = new List<TalkError>();
        var draft = await TalkForm.ReadAsync(form, problems, cancellationToken);
        return new TalkBody(draft, OpenerOf(form.Files[TalkForm.Portrait]), OpenerOf(form.Files[TalkForm.Speech]), problems);
    }

    /// <summary>The bytes of a data: address; null for another, and for one that cannot be read, which is refused with the draft.</summary>
    private static byte[]? Inside(string? address) => address is not null && DataUrl.TryRead(address, out var bytes) ? bytes : null;

    private static InputFacts? FactsOf(string name, byte[]? bytes) =>
        bytes is null ? null : new InputFacts(name, bytes.Length, bytes.AsMemory(0, Math.Min(bytes.Length, InputFacts.HeadBytes)));

    private static Func<Stream>? OpenerOf(byte[]? bytes) => bytes is null ? null : () => new MemoryStream(bytes, writable: false);

    private static Func<Stream>? OpenerOf(IFormFile? file) => file is null ? null : file.OpenReadStream;
}
