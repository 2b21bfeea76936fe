using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using WanTalk.ComfyUI.Files;
using WanTalk.ComfyUI.Http;

namespace WanTalk.ComfyUI;

public sealed partial class ComfyClient
{
    /// <summary>Uploads a file into the server's input folder; any kind of file goes.</summary>
    /// <param name="content">The bytes, read once from where the stream stands; not closed.</param>
    /// <param name="name">The wanted name, without a folder.</param>
    /// <param name="subfolder">The folder below input/, "" for none; made if missing.</param>
    /// <param name="overwrite">Whether a file of that name is replaced; else another name is found unless the bytes are the same.</param>
    /// <param name="cancellationToken">Stops the upload.</param>
    /// <returns>The file under the name that the server chose: use that one.</returns>
    public async Task<UploadedFile> UploadAsync(
        Stream content, string name, string subfolder = "", bool overwrite = true, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        UploadNames.Check(name);
        using var form = new MultipartFormDataContent();
        var file = new StreamContent(new UnclosedStream(content));
        file.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        file.Headers.ContentDisposition = new ContentDispositionHeaderValue("form-data")
        {
            Name = "\"image\"",
            FileName = $"\"{name}\"",
            FileNameStar = Ascii.IsValid(name) ? null : name,
        };
        form.Add(file);
        form.Add(new StringContent(overwrite ? "true" : "false"), "\"overwrite\"");
        form.Add(new StringContent("input"), "\"type\"");
        if (subfolder.Length > 0)
            form.Add(new StringContent(subfolder), "\"subfolder\"");
        var answer = await _http.SendAsync(HttpMethod.Post, "upload/image", form, _options.UploadTimeout, cancellationToken);
        if (!answer.IsSuccess)
            throw ComfyHttp.Refusal(answer.Status, "upload/image", answer.Excerpt);
        return ComfyHttp.ParseJson(answer, "upload/image") is JsonObject stored && stored.Text("name") is { Length: > 0 } given
            ? new UploadedFile(given, stored.Text("subfolder") ?? "", stored.Text("type") ?? "input")
            : throw new ComfyException(ComfyErrorKind.Protocol, $"The engine did not name the uploaded file: {answer.Excerpt}");
    }

    /// <summary>Uploads a file from disk; see the other form.</summary>
    public async Task<UploadedFile> UploadFileAsync(
        string path, string name, string subfolder = "", bool overwrite = true, CancellationToken cancellationToken = default)
    {
        await using var content = new FileStream(
            path, FileMode.Open, FileAccess.Read, FileShare.Read, 64 << 10, FileOptions.Asynchronous | FileOptions.SequentialScan);
        return await UploadAsync(content, name, subfolder, overwrite, cancellationToken);
    }

    /// <summary>Downloads a file. A download that is cut or stands still is resumed where it stopped.</summary>
    /// <param name="file">The file.</param>
    /// <param name="destination">Where the bytes go; not closed.</param>
    /// <param name="cancellationToken">Stops the download.</param>
    /// <returns>How many bytes were written.</returns>
    /// <exception cref="ComfyException">There is no such file; it changed between two parts; or the server cannot be reached.</exception>
    public async Task<long> ViewAsync(OutputFile file, Stream destination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        await using var content = await OpenViewAsync(file, cancellationToken: cancellationToken);
        await content.CopyToAsync(destination, 80 << 10, cancellationToken);
        return content.Position;
    }

    /// <summary>
    /// Opens a file, or a range of its bytes, for reading once. When the connection is cut or stands still, the stream goes on where it
    /// stopped, over a new one; it throws a <see cref="ComfyException"/> when that fails too often in a row
    /// (<see cref="ComfyClientOptions.DownloadResumes"/>) or when the file is no longer the same.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="range">First and last byte, both included; null for all of it. A range beyond the file's end is cut there.</param>
    /// <param name="cancellationToken">Stops waiting for the file; reading has tokens of its own.</param>
    /// <exception cref="ComfyException">There is no such file or range, or the server cannot be reached.</exception>
    public async Task<Stream> OpenViewAsync(OutputFile file, (long First, long Last)? range = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        return await DownloadStream.OpenAsync(_http, _options, _time, file, range, cancellationToken);
    }

    /// <summary>The length of a file in bytes; null if there is no such file.</summary>
    public async Task<long?> GetLengthAsync(OutputFile file, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        using var request = new HttpRequestMessage(HttpMethod.Head, DownloadStream.PathOf(file));
        using var response = await _http.OpenAsync(request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
            return null;
        if (!response.IsSuccessStatusCode)
            throw ComfyHttp.Refusal(response.StatusCode, DownloadStream.PathOf(file), "");
        return response.Content.Headers.ContentLength
            ?? throw new ComfyException(ComfyErrorKind.Protocol, $"The engine does not tell the length of {file.Path}.");
    }

    /// <summary>Whether a file is on the server's disk; a cached result may name one that is not.</summary>
    public async Task<bool> ExistsAsync(OutputFile file, CancellationToken cancellationToken = default) =>
        await GetLengthAsync(file, cancellationToken) is not null;
}
