using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.S3;
using Amazon.S3.Model;

namespace WanTalk.Storage.R2;

/// <summary>
/// The S3 client as R2 understands it: no chunked signatures, no checksums in trailers, the hash of each body in its signature, so that the
/// server itself refuses a body that changed on its way. It makes no request twice; <see cref="R2Bucket"/> does.
/// </summary>
internal sealed class R2Client(R2Options options) : AmazonS3Client(
    new BasicAWSCredentials(options.AccessKeyId, options.SecretAccessKey),
    new AmazonS3Config
    {
        ServiceURL = options.Endpoint.AbsoluteUri,
        ForcePathStyle = true,
        AuthenticationRegion = "auto",
        IgnoreConfiguredEndpointUrls = true,
        RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
        ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        MaxErrorRetry = 0,
        Timeout = Timeout.InfiniteTimeSpan,
        HttpClientFactory = new Connections(options),
    })
{
    /// <summary>The metadata with the content's SHA-256 in lower-case hexadecimal.</summary>
    internal const string HashMetadata = "sha256";

    /// <inheritdoc/>
    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        base.CustomizeRuntimePipeline(pipeline);
        pipeline.AddHandlerBefore<Signer>(new KnownHash());

        // It makes a request whose connection broke ten times again, without a pause, even when it may make none again.
        pipeline.RemoveHandler<RetryHandler>();
    }

    /// <summary>
    /// Signs a PUT with the hash that its content is named by. On its own the client reads a seekable stream twice, and sends any other in
    /// signed chunks, though it is told not to, which R2 refuses.
    /// </summary>
    private sealed class KnownHash : PipelineHandler
    {
        /// <inheritdoc/>
        public override Task<T> InvokeAsync<T>(IExecutionContext executionContext)
        {
            var context = executionContext.RequestContext;
            if (context.OriginalRequest is PutObjectRequest put)
            {
                context.Request.UseChunkEncoding = false;
                context.Request.PrecomputedContentSha256 = put.Metadata[HashMetadata];
            }

            return base.InvokeAsync<T>(executionContext);
        }
    }

    private sealed class Connections(R2Options options) : HttpClientFactory
    {
        /// <inheritdoc/>
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(new ExpectingNothing
        {
            InnerHandler = new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                ConnectTimeout = options.NetworkTimeout,
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            },
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };

        /// <inheritdoc/>
        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

        /// <inheritdoc/>
        public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;
    }

    /// <summary>R2 never says <c>100 Continue</c>: who expects it waits a second before each body.</summary>
    private sealed class ExpectingNothing : DelegatingHandler
    {
        /// <inheritdoc/>
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.ExpectContinue = false;
            return base.SendAsync(request, cancellationToken);
        }
    }
}
